((call target: (identifier) @_word (arguments . (alias) @name))
  (#any-of? @_word "defmodule" "defprotocol")) @definition.module
((call target: (identifier) @_word (arguments . (alias) @container.name))
  (#eq? @_word "defimpl")) @container
((call target: (identifier) @_word (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: (call target: (identifier) @name))
    (binary_operator left: (identifier) @name)]))
  (#any-of? @_word "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defn" "defnp"))
  @definition.function
((unary_operator operand: (call target: (identifier) @_word
  (arguments (binary_operator left: [(identifier) @name (call target: (identifier) @name)]))))
  (#any-of? @_word "type" "typep" "opaque")) @definition.type
((do_block (unary_operator operand: (call target: (identifier) @name (arguments))) @definition.constant)
  (#not-match? @name "^(doc|moduledoc|typedoc|spec|type|typep|opaque|impl|callback|macrocallback|behaviour|derive|deprecated|enforce_keys|dialyzer|compile|tag|moduletag|describetag|since|external_resource|before_compile|after_compile|on_load|optional_callbacks)$"))
((unary_operator operand: (call target: (identifier) @_word
  (arguments (binary_operator left: (call target: (identifier) @name)))))
  (#any-of? @_word "callback" "macrocallback")) @definition.method

((call (do_block (unary_operator operand: (call target: (identifier) @_word
  (arguments [(string) (sigil)] @docstring))))) @documented
  (#eq? @_word "moduledoc"))
((unary_operator operand: (call target: (identifier) @_word)) @comment
  (#any-of? @_word "doc" "typedoc"))
((unary_operator operand: (call target: (identifier) @_word)) @attribute
  (#any-of? @_word "spec" "impl" "deprecated" "since"))
(comment) @comment
