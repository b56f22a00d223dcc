-- Trials that take patients with an eGFR or creatinine clearance under 30 mL/min: their floor is
-- lower than that. Where a trial has several floors, the lowest counts.
select
    trial_id,
    arg_min(measurement, coalesce(value, printed_value)) as measurement,
    min(coalesce(value, printed_value)) as floor,
    bool_or(conditional) as conditional
from thresholds
where side = 'floor'
    and loinc in ('69405-9', '2164-2')  -- eGFR, creatinine clearance
    and (value is not null or printed_unit is null or starts_with(printed_unit, 'mL/min'))
group by trial_id
having floor < 30
order by floor, trial_id
