-- Drives `surefoot lsp` as a Neovim user's configuration would, and writes down what came back as JSON.
-- For Neovim 0.7 and later: no vim.lsp.start, no -l.
local spec = vim.fn.json_decode(table.concat(vim.fn.readfile(vim.env.SUREFOOT_SPEC), "\n"))
local patience = 60000 -- milliseconds; it only ends a session that would hang

local function fail(message)
  vim.fn.writefile({ vim.fn.json_encode({ error = message }) }, spec.report)
  vim.cmd("cquit 1")
end

local function run()
  vim.cmd("edit " .. vim.fn.fnameescape(spec.file))
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({ name = "surefoot", cmd = spec.command, root_dir = spec.root })
  if not id then
    error("the client did not start")
  end
  vim.lsp.buf_attach_client(buffer, id)
  local client = vim.lsp.get_client_by_id(id)
  if not vim.wait(patience, function() return client.initialized end, 20) then
    error("the server did not initialize")
  end

  local function request(method, params)
    local reply, problem = client.request_sync(method, params, patience, buffer)
    if not reply then
      error(method .. ": " .. tostring(problem))
    end
    if reply.err then
      error(method .. ": " .. reply.err.message)
    end
    return reply.result
  end

  local function command(name, arguments)
    return request("workspace/executeCommand", { command = name, arguments = { arguments } })
  end

  if not vim.wait(patience, function() return not command("surefoot.status", vim.empty_dict()).indexing end, 100) then
    error("indexing did not end")
  end
  vim.api.nvim_win_set_cursor(0, { spec.line, spec.column })
  local hover = request("textDocument/hover", vim.lsp.util.make_position_params(0, client.offset_encoding))
  local search = command("surefoot.search", { query = spec.query, k = 3 })
  local symbols = request("workspace/symbol", { query = spec.symbol })

  vim.lsp.stop_client(id)
  local stopped = vim.wait(patience, function() return client.is_stopped() end, 20)
  local report = { hover = hover, search = search, symbols = symbols, stopped = stopped }
  vim.fn.writefile({ vim.fn.json_encode(report) }, spec.report)
end

local ok, problem = pcall(run)
if not ok then
  fail(tostring(problem))
end
vim.cmd("qall!")
