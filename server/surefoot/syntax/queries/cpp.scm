((preproc_def name: (identifier) @name) @definition.constant
  (#not-match? @name "_(H|HPP|HXX|HH|INCLUDED)_*$")) ; include guards
(preproc_function_def name: (identifier) @name value: (_) @body) @definition.macro
(preproc_function_def name: (identifier) @name) @definition.macro
(namespace_definition name: (_) @name) @definition.namespace

(function_definition declarator: (function_declarator declarator:
  [(identifier) (field_identifier) (qualified_identifier) (destructor_name) (operator_name)] @path))
  @definition.function
(function_definition declarator: (_ declarator: (function_declarator declarator:
  [(identifier) (field_identifier) (qualified_identifier) (operator_name)] @path))) @definition.function
(function_definition declarator: (reference_declarator (function_declarator declarator:
  [(identifier) (field_identifier) (qualified_identifier) (operator_name)] @path))) @definition.function
(function_definition declarator: (operator_cast) @path) @definition.function
(function_definition declarator: (qualified_identifier (operator_cast)) @path) @definition.function

(field_declaration declarator: (function_declarator declarator:
  [(field_identifier) (operator_name)] @name)) @definition.method
(field_declaration declarator: (_ (function_declarator declarator:
  [(field_identifier) (operator_name)] @name))) @definition.method
(field_declaration_list (declaration declarator: (function_declarator declarator:
  [(identifier) (destructor_name)] @name)) @definition.method)
(field_declaration_list (template_declaration (declaration declarator: (function_declarator declarator:
  [(identifier) (destructor_name)] @name)) @definition.method))
(translation_unit (declaration declarator: (function_declarator declarator: (identifier) @name))
  @definition.function)
(translation_unit (declaration declarator: (_ (function_declarator declarator: (identifier) @name)))
  @definition.function)
(translation_unit (template_declaration (declaration declarator:
  (function_declarator declarator: (identifier) @name)) @definition.function))
(namespace_definition body: (declaration_list (declaration declarator:
  (function_declarator declarator: (identifier) @name)) @definition.function))
(namespace_definition body: (declaration_list (declaration declarator: (_
  (function_declarator declarator: (identifier) @name))) @definition.function))
(namespace_definition body: (declaration_list (template_declaration (declaration declarator:
  (function_declarator declarator: (identifier) @name)) @definition.function)))
(linkage_specification (declaration_list (declaration declarator:
  (function_declarator declarator: (identifier) @name)) @definition.function))
(preproc_ifdef (declaration declarator: (function_declarator declarator: (identifier) @name))
  @definition.function)

(class_specifier name: (_) @path body: (_)) @definition.class
(struct_specifier name: (_) @path body: (_)) @definition.struct
(union_specifier name: (_) @path body: (_)) @definition.struct
(enum_specifier name: (_) @path body: (_)) @definition.enum
(enumerator name: (identifier) @name) @definition.enummember
(concept_definition name: (identifier) @name) @definition.interface
(alias_declaration name: (type_identifier) @name) @definition.type
(type_definition
  type: (struct_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition
  type: (enum_specifier body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type
(type_definition declarator: (_ declarator: (type_identifier) @name)) @definition.type
(type_definition declarator: (function_declarator declarator:
  (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @definition.type

(field_declaration declarator: (field_identifier) @name) @definition.field
(field_declaration declarator: (_ declarator: (field_identifier) @name)) @definition.field

(translation_unit (declaration declarator: (identifier) @name) @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator:
  [(identifier) (qualified_identifier)] @path)) @definition.variable)
(translation_unit (declaration declarator: (init_declarator declarator: (_ declarator: (identifier) @name)))
  @definition.variable)
(namespace_definition body: (declaration_list (declaration declarator: (identifier) @name)
  @definition.variable))
(namespace_definition body: (declaration_list (declaration declarator: (init_declarator declarator:
  [(identifier) (qualified_identifier)] @path)) @definition.variable))
(namespace_definition body: (declaration_list (declaration declarator: (init_declarator declarator:
  (_ declarator: (identifier) @name))) @definition.variable))
(comment) @comment
