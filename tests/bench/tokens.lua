-- tokens.lua -- $BENCH_METHOD with the tokens of the file $BENCH_TOKENS in turn
-- (none: no Authorization), $BENCH_BODY, and with BENCH_SPREAD=1 a client
-- address of its own for each request. Requests are made before the run.
local method = os.getenv("BENCH_METHOD") or "GET"
local body = os.getenv("BENCH_BODY")
local file = os.getenv("BENCH_TOKENS")
local made, n = {}, 0

init = function()
	local headers = {}
	for k, v in pairs(wrk.headers) do headers[k] = v end
	if body then headers["Content-Type"] = "application/json" end
	if not file or file == "" then
		made[1] = wrk.format(method, nil, headers, body)
		return
	end
	local i = 0
	for token in io.lines(file) do
		i = i + 1
		headers["Authorization"] = "Bearer " .. token
		if os.getenv("BENCH_SPREAD") == "1" then
			headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", i / 65536 % 256, i / 256 % 256, i % 256)
		end
		made[i] = wrk.format(method, nil, headers, body)
	end
end

request = function()
	n = n % #made + 1
	return made[n]
end
