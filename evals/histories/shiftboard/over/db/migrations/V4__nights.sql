-- Counts the nights in a row right before a moment, for the rule of nights (#92).
CREATE FUNCTION nights_before(who BIGINT, moment TIMESTAMPTZ) RETURNS INTEGER LANGUAGE sql AS $$
    SELECT count(*)::integer FROM shift JOIN assignment ON shift_id = shift.id
    WHERE person = who AND is_night AND ends <= moment AND ends > moment - interval '7 days'
$$;
