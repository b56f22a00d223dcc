-- Trials whose text and registry fields disagree on an age limit: one of them is wrong, or the text
-- was misread. Worth a look before either is trusted.
select trial_id, minimum, registry_minimum, maximum, registry_maximum
from age_limits
where abs(minimum - registry_minimum) > 0.01 or abs(maximum - registry_maximum) > 0.01
order by trial_id
