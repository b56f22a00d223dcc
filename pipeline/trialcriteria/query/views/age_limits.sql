-- One row a trial: the ages its text admits, in years (the widest, where cohorts differ), beside
-- the registry's own fields.
with stated as (
    select
        trial_id,
        min(years(value_low, unit_ucum)) filter (
            demand(true, value_high is not null, criterion_kind, status, path) = 'floor'
        ) as floor_low,
        max(years(value_high, unit_ucum)) filter (
            demand(false, value_low is not null, criterion_kind, status, path) = 'ceiling'
        ) as ceiling_high,
        min(years(value_high, unit_ucum)) filter (
            demand(false, value_low is not null, criterion_kind, status, path) = 'floor'
        ) as floor_high,
        max(years(value_low, unit_ucum)) filter (
            demand(true, value_high is not null, criterion_kind, status, path) = 'ceiling'
        ) as ceiling_low
    from facts
    where kind = 'demographic' and experiencer = 'patient' and not depends(criterion_kind, path)
    group by trial_id
)
select
    trial_id,
    coalesce(floor_low, floor_high) as minimum,
    coalesce(ceiling_high, ceiling_low) as maximum,
    iso_years(minimum_age) as registry_minimum,
    iso_years(maximum_age) as registry_maximum
from trials
left join stated using (trial_id)
