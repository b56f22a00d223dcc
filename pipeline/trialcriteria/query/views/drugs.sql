-- One row a fact about a drug: its words and code, the window, the dose.
select
    trial_id,
    criterion_id,
    fact_no,
    criterion_kind,
    subject as drug,
    lower(coalesce(main_code(codes).display, subject)) as name,
    main_code(codes).system as system,
    main_code(codes).code as code,
    status,
    experiencer,
    window_start_days as start_days,
    window_end_days as end_days,
    window_anchor as anchor,
    window_text,
    dose_low,
    dose_high,
    dose_ucum,
    dose_text,
    path
from facts
where kind = 'drug'
