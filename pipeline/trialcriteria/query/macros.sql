-- Functions that the views share.

-- The first entry of a vocabulary among the codes of a concept.
create macro coded(codes, wanted) as
    list_filter(codes, lambda one: one.system = wanted)[1];

-- The code that stands for a concept: its MeSH heading, else the first.
create macro main_code(codes) as
    coalesce(coded(codes, 'https://www.nlm.nih.gov/mesh'), codes[1]);

-- Does the path of a fact go through a node such as 'not' or 'if.when'?
create macro passes(path, node) as
    len(list_filter(string_split(path, '/'), lambda step: step = node or starts_with(step, node || '.'))) > 0;

-- How often a statement is turned round: by its section, by its status, by each 'not' above it.
create macro turns(criterion_kind, status, path) as
    (criterion_kind = 'exclusion')::int + (status = 'absent')::int
    + len(list_filter(string_split(path, '/'), lambda step: step = 'not'));

-- What a bound demands of a patient who takes part: "ALT > 3 x ULN" as an exclusion is a ceiling.
-- Null where the bound demands nothing by itself: a condition, an exception, the two ends of an
-- excluded interval, a section that is neither inclusion nor exclusion.
create macro demand(is_low, has_both, criterion_kind, status, path) as
    case
        when criterion_kind not in ('inclusion', 'exclusion') then null
        when passes(path, 'if.when') or passes(path, 'except.unless') then null
        when turns(criterion_kind, status, path) % 2 = 0 then if(is_low, 'floor', 'ceiling')
        when has_both then null
        else if(is_low, 'ceiling', 'floor')
    end;

-- Is a demand only one way of several, or made of some patients only?
create macro depends(criterion_kind, path) as
    passes(path, 'if') or passes(path, 'except') or passes(path, 'at_least')
    or passes(path, if(criterion_kind = 'exclusion', 'all', 'any'));

-- Years of an age: a number with its UCUM unit, or an ISO 8601 duration such as P18Y or P6M.
create macro years(number, ucum) as
    number * map {'a': 1.0, 'mo': 1 / 12.0, 'wk': 7 / 365.25, 'd': 1 / 365.25, 'h': 1 / 8766.0}[ucum];

create macro iso_years(iso) as
    years(
        try_cast(regexp_extract(iso, '^PT?([\d.]+)', 1) as double),
        case
            when iso like 'PT%H' then 'h'
            when iso like '%Y' then 'a'
            when iso like '%M' and iso not like 'PT%' then 'mo'
            when iso like '%W' then 'wk'
            when iso like '%D' then 'd'
        end
    );
