-- approve.lua -- approves the claims numbered $BENCH_FROM and on, one a request,
-- each under its own Idempotency-Key. Requests are made before the run.
local headers = {
	["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"),
	["Content-Type"] = "application/json",
}
local from, count = tonumber(os.getenv("BENCH_FROM")), tonumber(os.getenv("BENCH_COUNT"))
local made, n = {}, 0

init = function()
	local run = string.format("%08x", os.time() % 0x100000000)
	for i = 1, count do
		headers["Idempotency-Key"] = string.format('"%s-0000-4000-8000-%012x"', run, from + i)
		made[i] = wrk.format("POST", nil, headers, string.format(
		    '{"claim_ids":["00000000-0000-7000-8000-%012x"],"decision":"pass"}', from + i))
	end
end

request = function()
	n = n + 1
	return made[n]
end
