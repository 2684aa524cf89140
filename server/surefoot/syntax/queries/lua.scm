(function_declaration name: [(identifier) (dot_index_expression)] @path) @definition.function
(function_declaration name: (method_index_expression) @path) @definition.method
(assignment_statement
  (variable_list . name: [(identifier) (dot_index_expression)] @path)
  (expression_list . value: (function_definition body: (_) @body))) @definition.function
(assignment_statement
  (variable_list . name: [(identifier) (dot_index_expression)] @path)
  (expression_list . value: (function_definition))) @definition.function
(table_constructor (field
  name: (identifier) @name value: (function_definition body: (_) @body)) @definition.function)
(chunk (assignment_statement (variable_list . name: (identifier) @name)) @definition.variable)
(chunk local_declaration: (variable_declaration
  (assignment_statement (variable_list . name: (identifier) @name))) @definition.variable)
(comment) @comment
