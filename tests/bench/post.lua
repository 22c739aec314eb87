-- post.lua -- POST $BENCH_BODY; with BENCH_KEYS=1 each under a new Idempotency-Key.
local headers = {
	["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
	["Content-Type"] = "application/json",
}
local body = os.getenv("BENCH_BODY")
local keyed = os.getenv("BENCH_KEYS") == "1"
local plain, run, n

init = function()
	plain = wrk.format("POST", nil, headers, body)
	run = string.format("%08x", os.time() % 0x100000000)
	n = 0
end

request = function()
	if not keyed then
		return plain
	end
	n = n + 1
	headers["Idempotency-Key"] = string.format('"%s-%04x-4000-8000-%012x"', run,
	    math.random(0, 65535), n)
	return wrk.format("POST", nil, headers, body)
end
