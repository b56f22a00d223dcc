-- One row a numeric bound of a fact: what is measured; the bound in the measurement's canonical
-- unit (as printed where it has none) and as printed; what it demands of a patient, a floor or a
-- ceiling, under a condition or not.
with stated as (
    select *, coded(codes, 'http://loinc.org') as lab,
        lab is not null or canonical_ucum is not null or relative_to is not null as has_canonical,
        kind = 'demographic' and unit_ucum in ('a', 'mo', 'wk', 'd') as is_age
    from facts
),
ends as (
    select *, true as is_low, value_low as printed, value_low_inclusive as inclusive,
        canonical_low as converted
    from stated
    where value_low is not null
    union all
    select *, false, value_high, value_high_inclusive, canonical_high
    from stated
    where value_high is not null
),
-- Criteria that are one of several ways in.
alternatives as (
    select own.trial_id, own.criterion_id, true as is_alternative
    from criteria as own
    join criteria as above
        on above.trial_id = own.trial_id and above.criterion_id = own.parent_id
    where above.combine <> 'all' and above.kind = 'inclusion'
)
select
    trial_id,
    criterion_id,
    fact_no,
    criterion_kind,
    kind,
    coalesce(lab.display, if(is_age, 'age', subject)) as measurement,
    lab.code as loinc,
    if(is_low, '>', '<') || if(inclusive, '=', '') as comparator,
    coalesce(converted, if(not has_canonical, printed, null)) as value,
    coalesce(canonical_ucum, if(not has_canonical, unit_ucum, null)) as unit,
    printed as printed_value,
    coalesce(unit_ucum, unit_text) as printed_unit,
    relative_to,
    demand(is_low, value_low is not null and value_high is not null, criterion_kind, status, path)
        as side,
    inclusive = (turns(criterion_kind, status, path) % 2 = 0) as admits_bound,
    depends(criterion_kind, path) or coalesce(is_alternative, false) as conditional,
    experiencer,
    subject,
    value_text
from ends
left join alternatives using (trial_id, criterion_id)
