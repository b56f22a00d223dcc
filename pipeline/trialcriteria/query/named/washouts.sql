-- How long before a trial each drug must have been stopped: excluded windows that reach back from
-- an event, in days, with the shortest, the median and the longest.
select
    name,
    count(distinct trial_id) as trials,
    round(min(-start_days), 1) as shortest,
    round(median(-start_days), 1) as median_days,
    round(max(-start_days), 1) as longest
from drugs
where criterion_kind = 'exclusion' and status = 'present' and start_days < 0
group by name
order by trials desc, longest desc, name
