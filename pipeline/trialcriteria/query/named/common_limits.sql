-- What is limited most often: for each measurement the number of trials with a floor and with a
-- ceiling, and the median of both, in its canonical unit.
select
    measurement,
    loinc,
    unit,
    count(distinct trial_id) filter (side = 'floor') as floors,
    median(value) filter (side = 'floor') as median_floor,
    count(distinct trial_id) filter (side = 'ceiling') as ceilings,
    median(value) filter (side = 'ceiling') as median_ceiling
from thresholds
where value is not null and side is not null
group by all
order by floors + ceilings desc, measurement
limit 25
