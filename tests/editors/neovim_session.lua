-- Works as a Neovim user would who has the configuration of docs/editors.md, and writes down what was seen as JSON.
-- For Neovim 0.7 and later. `SUREFOOT_SPEC` names a file that says what to do; its `scenario` is a name in SCENARIOS.
local spec = vim.fn.json_decode(table.concat(vim.fn.readfile(vim.env.SUREFOOT_SPEC), "\n"))
local patience = 60000 -- milliseconds; it only ends a session that would hang
local log = {} -- what came, in order: the events of `surefoot/answer`, and "response"
local client = nil

local shown = vim.lsp.handlers["surefoot/answer"]
vim.lsp.handlers["surefoot/answer"] = function(problem, piece, ...)
  table.insert(log, { event = piece.event, token = piece.token, hits = #(piece.hits or {}), claim = piece.claim })
  shown(problem, piece, ...)
end

local function until_true(what, condition)
  if not vim.wait(patience, condition, 20) then
    error("It never came: " .. what .. "; the list says " .. vim.inspect(vim.fn.getqflist()))
  end
end

local function call(method, ...)
  if vim.fn.has("nvim-0.11") == 1 then
    return client[method](client, ...)
  end
  return client[method](...)
end

local function request(method, params)
  local answered = nil
  call("request", method, params, function(problem, result)
    table.insert(log, { event = "response", method = method })
    answered = { problem = problem, result = result }
  end)
  until_true("the response to " .. method, function() return answered end)
  if answered.problem then
    error(method .. ": " .. answered.problem.message)
  end
  return answered.result
end

local function command(name, arguments)
  return request("workspace/executeCommand", { command = name, arguments = { arguments } })
end

local function attached()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  until_true("a client", function() return get()[1] and get()[1].initialized end)
  client = get()[1]
  assert(vim.lsp.buf_is_attached(0, client.id), "The buffer is not attached.")
  until_true("the index", function() return not command("surefoot.status", vim.empty_dict()).indexing end)
end

-- The quickfix list as a person reads it: `path:line text`, or only the text.
local function listed()
  return vim.tbl_map(function(item)
    local name = item.bufnr > 0 and vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ":p") or ""
    return { file = name, line = item.lnum, text = item.text }
  end, vim.fn.getqflist())
end

local function wait_for_text(text)
  until_true(text, function()
    return #vim.tbl_filter(function(item) return item.text:find(text, 1, true) end, vim.fn.getqflist()) > 0
  end)
  return listed()
end

local function keys(typed)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(typed, true, false, true), "xm", false)
end

-- Goes to the first line of the list that has a place, with the key that a person uses.
local function jump()
  vim.cmd("copen")
  for number, item in ipairs(vim.fn.getqflist()) do
    if item.bufnr > 0 then
      vim.api.nvim_win_set_cursor(0, { number, 0 })
      keys("<CR>")
      return { file = vim.fn.expand("%:p"), line = vim.fn.line("."), text = vim.fn.getline(".") }
    end
  end
  error("No line of the list has a place.")
end

local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), "\n")
    end
  end
end

local function hover()
  vim.api.nvim_win_set_cursor(0, { spec.line, spec.column })
  local reply = request("textDocument/hover", vim.lsp.util.make_position_params(0, client.offset_encoding))
  keys("K")
  until_true("the hover's window", floating_text)
  return { reply = reply, window = floating_text() }
end

local function streamed_ask()
  log = {}
  local reply = command("surefoot.ask", { question = spec.question, token = "a token of the test" })
  return { reply = reply, log = vim.deepcopy(log) } -- the log goes on
end

local function explain()
  vim.cmd("edit " .. vim.fn.fnameescape(spec.file))
  vim.api.nvim_win_set_cursor(0, { spec.line, spec.column })
  vim.ui.select = function(items, _, choose) choose(items[1]) end
  vim.lsp.buf.code_action()
  return wait_for_text("sentences withheld")
end

local function edit_and_save()
  vim.cmd("edit " .. vim.fn.fnameescape(spec.edited))
  vim.fn.append(vim.fn.line("$"), spec.added)
  vim.cmd("write")
  vim.cmd("SurefootAsk " .. spec.question_about_edit)
  local answer = wait_for_text("sentences withheld")
  return { answer = answer, jump = jump() }
end

local SCENARIOS = {}

function SCENARIOS.day()
  local report = { hover = hover(), symbols = request("workspace/symbol", { query = spec.symbol }) }
  vim.cmd("SurefootSearch " .. spec.query)
  until_true("hits", function() return #vim.fn.getqflist() > 0 end)
  report.search = listed()
  report.searched = jump()
  report.ask = streamed_ask()
  vim.cmd("SurefootAsk " .. spec.question)
  report.answer = wait_for_text("sentences withheld")
  report.jump = jump()
  vim.fn.setqflist({})
  report.explained = { answer = explain(), title = vim.fn.getqflist({ title = 0 }).title }
  report.edit = edit_and_save()
  return report
end

function SCENARIOS.stop()
  vim.cmd("SurefootAsk " .. spec.question)
  local evidence = wait_for_text("looking at")
  vim.cmd("SurefootStop")
  local stopped = wait_for_text("Stopped.")
  until_true("the response to the cancelled request", function() return vim.tbl_isempty(client.requests) end)
  local streamed = #log
  local traces = nil -- on a busy machine the work stops after the response, and then has its trace
  until_true("the stopped question's trace", function()
    traces = command("surefoot.trace", { limit = 1 })
    return #traces.traces > 0
  end)
  local nothing_more = #vim.tbl_filter(function(entry) return entry.event ~= "response" end, log)
  local after = command("surefoot.ask", { question = spec.question, model = "none" })
  return { evidence = evidence, stopped = stopped, traces = traces, after = after, late = nothing_more - streamed }
end

local function run()
  vim.cmd("edit " .. vim.fn.fnameescape(spec.file))
  attached()
  log = {}
  local report = SCENARIOS[spec.scenario]()
  vim.lsp.stop_client(client.id)
  until_true("the client's end", function() return call("is_stopped") end)
  vim.fn.writefile({ vim.fn.json_encode(report) }, spec.report)
end

local ok, problem = pcall(run)
if not ok then
  vim.fn.writefile({ vim.fn.json_encode({ error = tostring(problem) }) }, spec.report)
  vim.cmd("cquit 1")
end
vim.cmd("qall!")
