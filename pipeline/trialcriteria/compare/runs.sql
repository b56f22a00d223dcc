-- Which trials of two runs differ: digests of what their criteria say, without spans, sources and
-- scores, which change with each program and with each word put in above.
use memory.main;

create macro said(requirement) as
    regexp_replace(requirement, '"(spans?|source|score)":(null|"[^"]*"|[\d.,\[\]e-]*)', '', 'g');

create temp table digests as
with old_side as (
    select trial_id, count(criterion_id) as criteria,
        sum(hash(number, kind, text, parent_id, combine, combine_n, said(requirement))) as digest
    from (select trial_id from old.trials)
    left join old.criteria using (trial_id)
    group by trial_id
),
new_side as (
    select trial_id, count(criterion_id) as criteria,
        sum(hash(number, kind, text, parent_id, combine, combine_n, said(requirement))) as digest
    from (select trial_id from new.trials)
    left join new.criteria using (trial_id)
    group by trial_id
)
select
    trial_id,
    o.trial_id is not null as in_old,
    n.trial_id is not null as in_new,
    n.criteria,
    coalesce(o.criteria <> n.criteria or o.digest <> n.digest, true) as differs
from old_side as o
full join new_side as n using (trial_id);

create temp view differing as
with both_sides as (
    select trial_id, 'old' as side, c.* exclude (trial_id)
    from digests
    left join old.criteria as c using (trial_id)
    where differs and in_old
    union all by name
    select trial_id, 'new' as side, c.* exclude (trial_id)
    from digests
    left join new.criteria as c using (trial_id)
    where differs and in_new
)
select trial_id, side, criterion_id, kind, section_id, label, text, start, "end", parent_id, combine,
    combine_n, requirement
from both_sides
order by trial_id, side, number;
