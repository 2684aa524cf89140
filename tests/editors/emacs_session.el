;;; emacs_session.el --- A session of eglot with Surefoot -*- lexical-binding: t -*-

;; Works as an Emacs user would who has the configuration of docs/editors.md, and writes down what was seen as JSON.
;; `SUREFOOT_SPEC' names a file that says what to do; its `scenario' is the end of a function's name below.

(require 'cl-lib)
(require 'json)
(require 'eglot)

(defvar session-patience 60 "Seconds; they only end a session that would hang.")
(defvar session-spec (with-temp-buffer
                       (insert-file-contents (getenv "SUREFOOT_SPEC"))
                       (json-parse-buffer :object-type 'plist :array-type 'list)))
(defvar session-log nil "What came, newest first: the pieces of an answer, and \"response\".")

(defun session-said (name)
  (plist-get session-spec name))

(cl-defmethod eglot-handle-notification :before (_server (_method (eql surefoot/answer)) &rest piece)
  "Remember PIECE; the documented method shows it."
  (push (list :event (plist-get piece :event) :token (plist-get piece :token)
              :hits (length (plist-get piece :hits)) :claim (plist-get piece :claim))
        session-log))

(defun session-pieces ()
  "How many pieces of answers have come."
  (cl-count-if (lambda (entry) (plist-member entry :token)) session-log))

(defun session-page ()
  (with-current-buffer (get-buffer-create "*surefoot*") (buffer-string)))

(defun session-until (what condition)
  "Wait until CONDITION, whose value is returned; WHAT is waited for is named where it never comes."
  (let ((end (+ (float-time) session-patience)) value)
    (while (not (setq value (funcall condition)))
      (when (> (float-time) end)
        (error "It never came: %s; the page says %S" what (session-page)))
      (accept-process-output nil 0.02))
    value))

(defun session-wait-for-text (text)
  (session-until text (lambda () (string-search text (session-page))))
  (substring-no-properties (session-page)))

(defun session-request (method params)
  (prog1 (jsonrpc-request (eglot-current-server) method params :timeout session-patience)
    (push (list :event "response") session-log)))

(defun session-command (name &rest arguments)
  (session-request :workspace/executeCommand
                   (list :command name :arguments (vector (or arguments (make-hash-table))))))

(defun session-here ()
  (list :file buffer-file-name :line (line-number-at-pos)
        :text (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(defun session-click ()
  "Go to the page's first place with the keys that a person uses, and tell where that is."
  (save-window-excursion
    (pop-to-buffer "*surefoot*")
    (goto-char (point-min))
    (call-interactively (key-binding (kbd "TAB")))
    (call-interactively (key-binding (kbd "RET")))
    (session-here)))

(defun session-hover ()
  "What the server says, and what eldoc is given to show."
  (goto-char (point-min))
  (search-forward (session-said :hovered))
  (goto-char (match-beginning 0))
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
    (session-until "eldoc's text" (lambda () shown))
    (list :reply (session-request :textDocument/hover (eglot--TextDocumentPositionParams))
          :shown (substring-no-properties shown))))

(defun session-streamed-ask ()
  (setq session-log nil)
  (let ((reply (session-command "surefoot.ask" :question (session-said :question) :token "a token of the test")))
    (list :reply reply :log (vconcat (reverse session-log)))))

(defun session-explain ()
  (with-current-buffer (find-file-noselect (session-said :file))
    (goto-char (point-min))
    (search-forward (session-said :hovered))
    (goto-char (match-beginning 0))
    (let ((last-nonmenu-event ?x) ; a key, so that no menu pops up
          (completing-read-function (lambda (_prompt items &rest _) (caar items))))
      (call-interactively #'eglot-code-actions)))
  (session-wait-for-text "Explained")
  (session-wait-for-text "sentences withheld"))

(defun session-edit-and-save ()
  (find-file (session-said :edited))
  (goto-char (point-max))
  (insert (session-said :added))
  (let ((inhibit-message t)) (save-buffer))
  (surefoot-ask (session-said :question_about_edit))
  (list :answer (session-wait-for-text "sentences withheld") :click (session-click)))

(defun session-day ()
  (let ((hover (session-hover)))
    (surefoot-search (session-said :query))
    (let ((search (session-wait-for-text "Found"))
          (found (session-click))
          (symbols (session-request :workspace/symbol (list :query (session-said :symbol))))
          (ask (session-streamed-ask)))
      (surefoot-ask (session-said :question))
      (let ((answer (session-wait-for-text "sentences withheld")))
        (list :hover hover :search search :found found :symbols symbols :ask ask :answer answer
              :click (session-click) :explained (session-explain) :edit (session-edit-and-save))))))

(defun session-stop ()
  (surefoot-ask (session-said :question))
  (let ((evidence (session-wait-for-text "Looking at")))
    (surefoot-stop)
    (let* ((stopped (session-wait-for-text "Stopped."))
           (streamed (session-pieces))
           ;; On a busy machine the work stops after the response, and then has its trace.
           (traces (session-until "the stopped question's trace"
                                  (lambda ()
                                    (let ((reply (session-command "surefoot.trace" :limit 1)))
                                      (and (cl-plusp (length (plist-get reply :traces))) reply)))))
           (late (- (session-pieces) streamed)))
      (list :evidence evidence :stopped stopped :traces traces :late late
            :after (session-command "surefoot.ask" :question (session-said :question) :model "none")))))

(defun session-run ()
  (switch-to-buffer (find-file-noselect (session-said :file)))
  (setq eglot-connect-timeout session-patience eglot-sync-connect t)
  (call-interactively #'eglot)
  (session-until "the index" (lambda () (eq (plist-get (session-command "surefoot.status") :indexing) :json-false)))
  (let* ((server (eglot-current-server))
         (report (funcall (intern (concat "session-" (session-said :scenario))))))
    (eglot-shutdown server nil session-patience)
    (append report (list :running (if (jsonrpc-running-p server) t :json-false)))))

(let ((report (condition-case problem (session-run)
                (error (list :error (error-message-string problem))))))
  (with-temp-file (session-said :report)
    (insert (json-serialize report :null-object nil :false-object :json-false)))
  (kill-emacs (if (plist-member report :error) 1 0)))
