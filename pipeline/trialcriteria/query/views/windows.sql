-- One row a fact with a window: from when until when, relative to which event, also in days.
select
    trial_id,
    criterion_id,
    fact_no,
    criterion_kind,
    kind,
    subject,
    status,
    window_start_iso as start_iso,
    window_end_iso as end_iso,
    window_start_days as start_days,
    window_end_days as end_days,
    coalesce(window_start_anchor, window_anchor) as start_anchor,
    coalesce(window_end_anchor, window_anchor) as end_anchor,
    window_start_count as start_count,
    window_start_unit as start_unit,
    window_end_count as end_count,
    window_end_unit as end_unit,
    window_alternatives as alternatives,
    window_choose as choose,
    window_text
from facts
where window_text is not null
