-- How much of each trial has no structure, worst first: read those criteria yourself.
select
    trial_id,
    count(*) as number_of_criteria,
    count(*) filter (unsupported > 0) as in_part_unread,
    round(100.0 * in_part_unread / count(*), 1) as percent,
    list(criterion_id order by number) filter (unsupported > 0) as which
from criteria
group by trial_id
having in_part_unread > 0
order by percent desc, trial_id
