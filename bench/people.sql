-- The people of the loaded city, each part played by one person in one place. Safe to repeat.
-- Log-in names are role-place; nobody has a password.
CREATE TEMP TABLE centre AS SELECT id FROM organisations WHERE name = '鞍山市企业服务中心';
CREATE TEMP TABLE bureau AS SELECT id FROM organisations WHERE name = '鞍山市营商环境建设局';
CREATE TEMP TABLE counties AS
SELECT DISTINCT left(coalesce(managing_area_code, area_code), 6) AS prefix FROM enterprises;

INSERT INTO accounts (login, name)
SELECT 'enterprise_admin-' || id, '企业联系人' || id FROM enterprises
UNION ALL SELECT 'housekeeper-' || id, name FROM housekeepers
UNION ALL SELECT role || '-' || o.id, o.name || label FROM organisations o,
  (VALUES ('handler', '经办'), ('unit_approver', '审批')) roles(role, label)
UNION ALL SELECT role || '-' || prefix, label || prefix FROM counties,
  (VALUES ('coordinator', '协调员'), ('revisitor', '回访员')) roles(role, label)
UNION ALL VALUES ('supervisor-city', '督导')
ON CONFLICT (login) DO NOTHING;

INSERT INTO memberships (account_id, role, enterprise_id, housekeeper_id, organisation_id, area_prefix, is_default, valid_from)
SELECT a.id, place.role, enterprise_id, housekeeper_id, organisation_id, area_prefix, true, '2024-01-01'
FROM (
  SELECT 'enterprise_admin-' || id AS login, 'enterprise_admin' AS role,
    id AS enterprise_id, NULL::bigint AS housekeeper_id, NULL::bigint AS organisation_id, NULL AS area_prefix
  FROM enterprises
  UNION ALL SELECT 'housekeeper-' || id, 'housekeeper', NULL, id, organisation_id, NULL FROM housekeepers
  UNION ALL SELECT role || '-' || o.id, role, NULL, NULL, o.id, NULL
  FROM organisations o, (VALUES ('handler'), ('unit_approver')) roles(role)
  UNION ALL SELECT 'coordinator-' || prefix, 'coordinator', NULL, NULL, centre.id, prefix
  FROM counties, centre
  UNION ALL SELECT 'revisitor-' || prefix, 'revisitor', NULL, NULL, bureau.id, prefix
  FROM counties, bureau
  UNION ALL SELECT 'supervisor-city', 'supervisor', NULL, NULL, bureau.id, '2103' FROM bureau
) place JOIN accounts a USING (login)
WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.account_id = a.id);

DROP TABLE centre, bureau, counties;
