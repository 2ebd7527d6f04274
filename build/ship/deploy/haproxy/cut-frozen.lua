-- Cuts what a web process has in hand that answers no look, so that whoever waits, or listens to a stream, goes to another. Only
-- where another one is well: where all of them are slow, nobody would be served better elsewhere. HAProxy's own
-- `on-marked-down shutdown-sessions` knows of no other.

local PAUSE_MS = 100
local ALL = { 'ready', 'alive', 'any' }

local function status(backend, name)
  return core.backends[backend].servers[name]:get_stats().status
end

-- To both looks, so that nothing more is sent to it either. One that has answered again is "DOWN 1/2".
local function is_silent(name)
  return status('ready', name) == 'DOWN' and status('alive', name) == 'DOWN'
end

local function another_is_well(name)
  for other in pairs(core.backends.well.servers) do
    if other ~= name and status('well', other) == 'UP' then return true end
  end
  return false
end

core.register_task(function()
  while true do
    core.msleep(PAUSE_MS)
    for name in pairs(core.backends.alive.servers) do
      if is_silent(name) and another_is_well(name) then
        for _, backend in ipairs(ALL) do core.backends[backend].servers[name]:shut_sess() end
      end
    end
  end
end)
