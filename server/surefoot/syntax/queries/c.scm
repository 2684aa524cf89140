((preproc_def name: (identifier) @name) @definition.constant
  (#not-match? @name "_(H|HPP|HXX|HH|INCLUDED)_*$")) ; include guards
(preproc_function_def name: (identifier) @name value: (_) @body) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro

(function_definition declarator: (function_declarator declarator: (identifier) @name)) @definition.function
(function_definition declarator: (_ declarator: (function_declarator declarator: (identifier) @name)))
  @definition.function
(function_definition declarator: (_ declarator: (_ declarator:
  (function_declarator declarator: (identifier) @name)))) @definition.function
(translation_unit (declaration declarator: (function_declarator declarator: (identifier) @name))
  @definition.function)
(translation_unit (declaration declarator: (_ declarator:
  (function_declarator declarator: (identifier) @name))) @definition.function)
(preproc_ifdef (declaration declarator: (function_declarator declarator: (identifier) @name))
  @definition.function)
(preproc_ifdef (declaration declarator: (_ declarator:
  (function_declarator declarator: (identifier) @name))) @definition.function)
(preproc_if (declaration declarator: (function_declarator declarator: (identifier) @name))
  @definition.function)
(linkage_specification (declaration_list (declaration declarator:
  (function_declarator declarator: (identifier) @name)) @definition.function))

(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enummember
(type_definition
  type: (struct_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition
  type: (union_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition
  type: (enum_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type
(type_definition declarator: (_ declarator: (type_identifier) @name)) @definition.type
(type_definition declarator: (function_declarator declarator:
  (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @definition.type

(field_declaration declarator: (field_identifier) @name) @definition.field
(field_declaration declarator: (_ declarator: (field_identifier) @name)) @definition.field
(field_declaration declarator: (function_declarator declarator:
  (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))) @definition.field

(translation_unit (declaration declarator: (identifier) @name) @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (identifier) @name))
  @definition.variable)
(translation_unit (declaration declarator: (array_declarator declarator: (identifier) @name))
  @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (_ declarator: (identifier) @name)))
  @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (_ declarator:
  (_ declarator: (identifier) @name)))) @definition.variable)
(comment) @comment
