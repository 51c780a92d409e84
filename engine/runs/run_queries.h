// What lists, filters and comparisons ask the database, in one place: a test looks at the plan of each, for
// none of them may read through all samples. Private to runs/.
#pragma once

namespace grapevine::queries {

inline constexpr const char* listed_ids = "SELECT id FROM runs WHERE deleted = ? ORDER BY id";
inline constexpr const char* curves_of_run = "SELECT id, measure, point FROM series WHERE run = ?";
inline constexpr const char* curves_of_measure =
    "SELECT id, point FROM series WHERE run = ? AND measure = ? ORDER BY point";
inline constexpr const char* points_of_curve =
    "SELECT step, value FROM samples WHERE series = ? ORDER BY step";
inline constexpr const char* values_of_measure =
    "SELECT point, last, best, best_step, mean, n FROM run_values WHERE run = ? AND measure = ? ORDER BY "
    "point";
inline constexpr const char* has_values = "SELECT EXISTS (SELECT 1 FROM run_values WHERE run = ?)";
inline constexpr const char* without_values =
    "SELECT id FROM runs WHERE status NOT IN ('running', 'paused') "
    "AND NOT EXISTS (SELECT 1 FROM run_values WHERE run = runs.id) "
    "AND EXISTS (SELECT 1 FROM series WHERE run = runs.id) ORDER BY id DESC";

inline constexpr const char* queue_running =
    "SELECT id, coalesce(host, '') FROM queue WHERE state = 'running'";
inline constexpr const char* queue_entries =
    "SELECT queue.id, plan, state, added, queue.group_uuid, run_uuid, coalesce(queue.host, ''), note, "
    "coalesce(queue.pid, 0), coalesce(runs.id, 0), coalesce(runs.status, ''), coalesce(runs.epochs, 0), "
    "coalesce(runs.seconds, 0) FROM queue LEFT JOIN runs "
    "ON runs.uuid = run_uuid ORDER BY position, queue.id";

inline constexpr const char* all[] = {listed_ids,      curves_of_run,     curves_of_measure,
                                      points_of_curve, values_of_measure, has_values,
                                      without_values,  queue_running,     queue_entries};

}  // namespace grapevine::queries
