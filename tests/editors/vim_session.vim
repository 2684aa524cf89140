" Works as a Vim user would who has the configuration of docs/editors.md, and writes down what was seen as JSON.
" `SUREFOOT_SPEC` names a file that says what to do. Run by `vim -es`, which has no screen.
let s:spec = json_decode(join(readfile($SUREFOOT_SPEC), "\n"))
let s:patience = 60.0 " seconds; they only end a session that would hang

function! s:Until(what, condition) abort
  let l:start = reltime()
  while !a:condition()
    if reltimefloat(reltime(l:start)) > s:patience
      throw 'It never came: ' . a:what . '; the list says ' . string(getqflist())
    endif
    sleep 20m
  endwhile
endfunction

function! s:Listed() abort
  return map(getqflist(), {_, item -> {
  \ 'file': item.bufnr > 0 ? fnamemodify(bufname(item.bufnr), ':p') : '', 'line': item.lnum, 'text': item.text
  \}})
endfunction

" Runs a command that fills the list, and tells where the list's first place leads to.
function! s:Filled(command) abort
  call setqflist([])
  execute a:command
  call s:Until(a:command, {-> len(getqflist()) > 0})
  let l:listed = s:Listed()
  let l:number = 1 + index(map(copy(getqflist()), {_, item -> item.bufnr > 0}), 1)
  copen
  execute 'normal! ' . l:number . "G\<CR>"
  return {'listed': l:listed, 'place': {'file': expand('%:p'), 'line': line('.'), 'text': getline('.')}}
endfunction

" The text of the first window for files of this type.
function! s:Shown(filetype) abort
  let l:shown = filter(range(1, winnr('$')), {_, number -> getwinvar(number, '&filetype') ==# a:filetype})
  return empty(l:shown) ? '' : join(getbufline(winbufnr(l:shown[0]), 1, '$'), "\n")
endfunction

function! s:Run() abort
  execute 'edit ' . fnameescape(s:spec.file)
  " The search waits for the index; a hover before that would show nothing.
  let l:report = {'search': s:Filled('SurefootSearch ' . s:spec.query)}
  execute 'edit ' . fnameescape(s:spec.file)
  call cursor(s:spec.line, s:spec.column)
  normal K
  call s:Until('the hover', {-> s:Shown('ale-preview.message') =~# '\S'})
  let l:report.hover = s:Shown('ale-preview.message')
  pclose
  execute 'ALESymbolSearch ' . s:spec.symbol
  call s:Until('the symbols', {-> s:Shown('ale-preview-selection') =~# '\S'})
  let l:report.symbols = s:Shown('ale-preview-selection')
  close
  let l:report.ask = s:Filled('SurefootAsk ' . s:spec.question)
  execute 'edit ' . fnameescape(s:spec.edited)
  call append('$', s:spec.added)
  write
  let l:report.edit = s:Filled('SurefootAsk ' . s:spec.question_about_edit)
  return l:report
endfunction

try
  let s:report = s:Run()
catch
  let s:report = {'error': v:exception . ' at ' . v:throwpoint}
endtry
call writefile([json_encode(s:report)], s:spec.report)
if has_key(s:report, 'error')
  cquit
endif
qall!
