wrk.method = "PUT"
wrk.body = os.getenv("BODY")
