; Enumerations come first: of two patterns that name the same thing, the earlier one wins.
((class_definition
  name: (identifier) @name
  superclasses: (argument_list) @_bases) @definition.enum
  (#match? @_bases "(^|[^A-Za-z_])([A-Za-z]*Enum|[A-Za-z]*Flag|[A-Za-z]*Choices)([^A-Za-z_]|$)"))
((class_definition
  superclasses: (argument_list) @_bases
  body: (block (expression_statement (assignment left: (identifier) @name)) @definition.enummember))
  (#match? @_bases "(^|[^A-Za-z_])([A-Za-z]*Enum|[A-Za-z]*Flag|[A-Za-z]*Choices)([^A-Za-z_]|$)"))

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(class_definition
  body: (block (expression_statement (assignment left: (identifier) @name)) @definition.field))
(module (expression_statement (assignment left: (identifier) @name)) @definition.variable)
(type_alias_statement left: (type (identifier) @name)) @definition.type
(type_alias_statement left: (type (generic_type (identifier) @name))) @definition.type

(module . (comment)* . (expression_statement . (string) @docstring)) @documented
(class_definition body: (block . (comment)* . (expression_statement . (string) @docstring))) @documented
(function_definition body: (block . (comment)* . (expression_statement . (string) @docstring))) @documented
(comment) @comment
