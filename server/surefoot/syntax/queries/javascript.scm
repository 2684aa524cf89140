(class_declaration name: (identifier) @name) @definition.class
(function_declaration name: (identifier) @name) @definition.function
(generator_function_declaration name: (identifier) @name) @definition.function
(method_definition name: (_) @name) @definition.method

(variable_declarator
  name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)
          (generator_function body: (_) @body)]) @definition.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(program (_ (variable_declarator name: (identifier) @name) @definition.variable))
(export_statement (_ (variable_declarator name: (identifier) @name) @definition.variable))

(field_definition
  property: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(field_definition property: (_) @name) @definition.field

; exports.foo = function () {}, Type.prototype.bar = () => {}, Foo = class {}
(assignment_expression
  left: [(member_expression) (identifier)] @path
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(assignment_expression
  left: [(member_expression) (identifier)] @path
  right: (class body: (_) @body)) @definition.class

; the members of a named object
(variable_declarator
  name: (identifier)
  value: (object (pair
    key: (property_identifier) @name
    value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method))

; accessors and the like in a nested object belong to its key
(pair key: (property_identifier) @container.name value: (object (method_definition))) @container
(comment) @comment
