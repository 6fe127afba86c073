local number = tonumber(os.getenv("FIRST"))

wrk.method = "PUT"

function request()
  number = number + 1
  local email = "joe" .. number .. "@example.com"
  return wrk.format(nil, nil, nil, '{"configuration":"contact","record":{"Email":"' .. email .. '"}}')
end
