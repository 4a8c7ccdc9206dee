-- What PostGraphile serves: what a visitor may read, as views in a schema of their own.
drop schema if exists postgraphile cascade;
create schema postgraphile;

create view postgraphile.space as
select s.id, s.slug, s.titles ->> 'fr' as title
from core_space s
where s.id not in (
    select up.descendant_id from core_space_tree up join core_space it on it.id = up.ancestor_id
    where it.access = 'MEMBERS' or it.state = 'DRAFT'
);

create view postgraphile.participant as
select id, display_name from core_participant where state in ('ACTIVE', 'SUSPENDED');

create view postgraphile.contribution as
select
    c.id, c.space_id, c.parent_id, c.author_id, c.kind, c.state, c.channel, c.language, c.version, c.published_at,
    c.listed_at, v.title, v.text as body,
    case when length(v.text) > 200 then regexp_replace(left(v.text, 199), ' [^ ]*$', '') || '…' else v.text end as excerpt,
    coalesce(r.replies, 0) as reply_count,
    case when exists (
        select from core_space_tree up join core_activation it on it.space_id = up.ancestor_id
        where up.descendant_id = c.space_id and it.plugin = 'votes'
    ) then coalesce(t.supports, 0) end as support_count
from core_contribution c
left join core_contribution_version v on v.contribution_id = c.id and v.number = c.version
left join core_contribution_tally r on r.contribution_id = c.id
left join votes_tally t on t.type = 'Contribution' and t.object_id = c.id
where c.state in ('PUBLISHED', 'WITHDRAWN') and c.space_id not in (
    select up.descendant_id from core_space_tree up join core_space it on it.id = up.ancestor_id
    where it.access = 'MEMBERS' or it.state = 'DRAFT'
);

comment on view postgraphile.space is E'@primaryKey id\n@unique slug';
comment on view postgraphile.participant is E'@primaryKey id';
comment on view postgraphile.contribution is E'@primaryKey id
@foreignKey (space_id) references space (id)|@fieldName space|@foreignFieldName contributions
@foreignKey (parent_id) references contribution (id)|@fieldName parent|@foreignFieldName replies
@foreignKey (author_id) references participant (id)|@fieldName author|@foreignFieldName contributions';
