-- PUTs the body of the environment, with its tokens by turns where it has some, and prints at the end as JSON: requests, errors, and in microseconds how long it took.
wrk.method = "PUT"
wrk.body = os.getenv("BODY")

local tokens, asked = {}, 0
for token in (os.getenv("TOKENS") or ""):gmatch("%S+") do
  tokens[#tokens + 1] = token
end

if #tokens > 0 then
  function request()
    asked = asked + 1
    wrk.headers["Authorization"] = "Bearer " .. tokens[asked % #tokens + 1]
    return wrk.format()
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
