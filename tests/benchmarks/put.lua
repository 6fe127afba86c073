-- PUTs the body of the environment, and prints at the end as JSON: requests, errors, and in microseconds how long it took.
wrk.method = "PUT"
wrk.body = os.getenv("BODY")

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
