(class_declaration (modifiers (class_modifier) @_enum) name: (identifier) @name
  (#eq? @_enum "enum")) @definition.enum
(class_declaration "interface" name: (identifier) @name) @definition.interface
(class_declaration name: (identifier) @name) @definition.class
(object_declaration name: (identifier) @name) @definition.class
(companion_object name: (identifier) @name) @definition.class
(type_alias type: (identifier) @name) @definition.type
(enum_entry (identifier) @name) @definition.enummember
(function_declaration name: (identifier) @name) @definition.function
(secondary_constructor "constructor" @name) @definition.constructor
(source_file (property_declaration (variable_declaration (identifier) @name)) @definition.variable)
(class_body (property_declaration (variable_declaration (identifier) @name)) @definition.property)
(class_declaration (primary_constructor (class_parameters
  (class_parameter ["val" "var"] (identifier) @name) @definition.property)))
(line_comment) @comment
(block_comment) @comment
