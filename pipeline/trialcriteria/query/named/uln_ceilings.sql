-- How much above the upper limit of normal (ULN) trials let a value be: one row a measurement and
-- multiple, with the number of trials.
select
    measurement,
    printed_value as times_uln,
    count(distinct trial_id) as trials,
    count(distinct trial_id) filter (conditional) as conditionally
from thresholds
where relative_to = 'ULN' and side = 'ceiling'
group by all
order by measurement, times_uln
