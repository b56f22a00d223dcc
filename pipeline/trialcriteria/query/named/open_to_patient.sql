-- Trials whose numbers do not rule out one patient: 70 years old, eGFR 40, haemoglobin 10 g/dL,
-- LVEF 45 %. Only limits without a condition are applied; put your patient's numbers in.
with patient(loinc, measured) as (
    values ('69405-9', 40), ('718-7', 10), ('10230-1', 45)
),
against as (
    select trial_id
    from thresholds
    join patient using (loinc)
    where not conditional
        and side is not null
        and (
            (side = 'floor' and measured < value)
            or (side = 'ceiling' and measured > value)
            or (measured = value and not admits_bound)
        )
)
select trial_id, minimum, maximum
from age_limits
where coalesce(minimum, registry_minimum, 0) <= 70
    and coalesce(maximum, registry_maximum, 200) >= 70
    and trial_id not in (from against)
order by trial_id
