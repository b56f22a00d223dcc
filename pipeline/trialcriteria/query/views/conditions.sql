-- One row a fact about a disease, a sign or a symptom: its words and code, the window, qualifiers.
select
    trial_id,
    criterion_id,
    fact_no,
    criterion_kind,
    subject as condition,
    lower(coalesce(main_code(codes).display, subject)) as name,
    main_code(codes).system as system,
    main_code(codes).code as code,
    status,
    experiencer,
    window_start_days as start_days,
    window_end_days as end_days,
    window_anchor as anchor,
    window_text,
    list_transform(qualifiers, lambda one: one.kind || ': ' || one.text) as qualifiers,
    path
from facts
where kind = 'condition'
