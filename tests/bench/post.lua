-- post.lua -- POST $BENCH_BODY, its title another each time (the same posting
-- twice is a copy, which an officer looks at); with BENCH_KEYS=1 each under a new
-- Idempotency-Key.
local headers = {
	["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
	["Content-Type"] = "application/json",
}
local body = os.getenv("BENCH_BODY")
local keyed = os.getenv("BENCH_KEYS") == "1"
local plain, bodies, run, n
local TITLES = 512

init = function()
	plain, bodies = {}, {}
	for i = 1, TITLES do
		bodies[i] = body:gsub('"title":"[^"]*"', string.format('"title":"%08x%08x"',
		    math.random(0, 0x7fffffff), math.random(0, 0x7fffffff)), 1)
		plain[i] = wrk.format("POST", nil, headers, bodies[i])
	end
	run = string.format("%08x", os.time() % 0x100000000)
	n = 0
end

request = function()
	n = n + 1
	if not keyed then
		return plain[n % TITLES + 1]
	end
	headers["Idempotency-Key"] = string.format('"%s-%04x-4000-8000-%012x"', run,
	    math.random(0, 65535), n)
	return wrk.format("POST", nil, headers, bodies[n % TITLES + 1])
end
