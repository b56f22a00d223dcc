-- The conditions that most trials exclude, whatever their window or severity.
select
    name,
    any_value(code) as code,
    count(distinct trial_id) as trials,
    round(100.0 * trials / (select count(*) from trials), 1) as percent
from conditions
where criterion_kind = 'exclusion'
    and status = 'present'
    and experiencer = 'patient'
    and not passes(path, 'except.unless')
group by name
order by trials desc, name
limit 25
