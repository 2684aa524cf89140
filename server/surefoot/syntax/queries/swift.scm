(class_declaration declaration_kind: "extension" name: (_) @container.name) @container
(class_declaration declaration_kind: "struct" name: (_) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (_) @name) @definition.enum
(class_declaration name: (_) @name) @definition.class
(protocol_declaration name: (_) @name) @definition.interface
(typealias_declaration name: (type_identifier) @name) @definition.type
(enum_entry name: (simple_identifier) @name) @definition.enummember
(function_declaration name: (simple_identifier) @name) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(init_declaration "init" @name) @definition.constructor
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name) @definition.method
(source_file (property_declaration name: (pattern bound_identifier: (simple_identifier) @name))
  @definition.variable)
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name))
  @definition.property)
(enum_class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name))
  @definition.property)
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name))
  @definition.property
(comment) @comment
(multiline_comment) @comment
