-- Trials that ask for a pregnancy test, and how many days before what it may be done.
select
    trial_id,
    criterion_id,
    subject as test,
    round(-window_start_days, 1) as days_before,
    coalesce(window_start_anchor, window_anchor) as event,
    window_text
from facts
where kind = 'measurement' and subject ilike '%pregnancy test%'
order by trial_id, criterion_id, fact_no
