-- Trials that take patients younger than 18 years, by their text, else by the registry fields.
select trial_id, minimum, registry_minimum, maximum, registry_maximum
from age_limits
where coalesce(minimum, registry_minimum) < 18
    or (coalesce(minimum, registry_minimum) is null and coalesce(maximum, registry_maximum) < 18)
order by trial_id
