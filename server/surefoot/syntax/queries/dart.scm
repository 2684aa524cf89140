(class_definition name: (identifier) @name) @definition.class
(mixin_declaration . (_)? . (mixin) . (identifier) @name) @definition.class
(extension_declaration name: (identifier) @name) @definition.class
(enum_declaration name: (identifier) @name) @definition.enum
(enum_constant name: (identifier) @name) @definition.enummember
(type_alias . (type_identifier) @name) @definition.type

; A body is the next sibling of its signature.
((method_signature (function_signature name: (identifier) @name)) @definition.method . (function_body) @body)
((method_signature (getter_signature name: (identifier) @name)) @definition.property . (function_body) @body)
((method_signature (setter_signature name: (identifier) @name)) @definition.property . (function_body) @body)
((method_signature (operator_signature (binary_operator) @name)) @definition.operator . (function_body) @body)
((method_signature (factory_constructor_signature (identifier) @name .
  (formal_parameter_list))) @definition.constructor . (function_body) @body)
((method_signature (constructor_signature name: (identifier) @name .
  parameters: (_))) @definition.constructor . (function_body) @body)
(declaration (constructor_signature name: (identifier) @name . parameters: (_))) @definition.constructor
(declaration (constant_constructor_signature (identifier) @name .
  (formal_parameter_list))) @definition.constructor
(declaration (function_signature name: (identifier) @name)) @definition.method
(declaration (getter_signature name: (identifier) @name)) @definition.property
(declaration (initialized_identifier_list (initialized_identifier . (identifier) @name))) @definition.field
(declaration (static_final_declaration_list
  (static_final_declaration . (identifier) @name))) @definition.field

((function_signature name: (identifier) @name) @definition.function . (function_body) @body)
(program (static_final_declaration_list
  (static_final_declaration . (identifier) @name) @definition.variable))
(class_body (annotation) @attribute)
(program (annotation) @attribute)
(comment) @comment
(documentation_comment) @comment
