-- Cuts what a web process has in hand that answers no look, so that whoever waits, or listens to a stream, goes to another. Only
-- where another one is well: where all of them are slow, nobody would be served better elsewhere. HAProxy's own
-- `on-marked-down shutdown-sessions` knows of no other.

local PAUSE_MS = 100
local LOOKED_AT = { 'ready', 'alive' }
local ALL = { 'ready', 'alive', 'any' }

local function servers(backend)
  return core.backends[backend].servers
end

-- To both looks, so that nothing more is sent to it either. One that has answered again is "DOWN 1/2". Nothing is sent by a part that
-- does not list it: an error would end this task, and the cuts of all.
local function is_silent(name)
  local is_listed = false
  for _, backend in ipairs(LOOKED_AT) do
    local server = servers(backend)[name]
    if server and server:get_stats().status ~= 'DOWN' then return false end
    is_listed = is_listed or server ~= nil
  end
  return is_listed
end

local function another_is_well(name)
  for other, server in pairs(servers('well')) do
    if other ~= name and server:get_stats().status == 'UP' then return true end
  end
  return false
end

core.register_task(function()
  while true do
    core.msleep(PAUSE_MS)
    for _, backend in ipairs(ALL) do
      for name, server in pairs(servers(backend)) do
        if is_silent(name) and another_is_well(name) then server:shut_sess() end
      end
    end
  end
end)
