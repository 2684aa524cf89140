(create_table (object_reference) @path) @definition.struct
(create_table (column_definitions (column_definition name: (_) @name) @definition.field))
(create_view (object_reference) @path) @definition.struct
(create_materialized_view (object_reference) @path) @definition.struct
(create_function . (_)* . (object_reference) @path (function_body) @body) @definition.function
(create_function . (_)* . (object_reference) @path) @definition.function
(create_procedure . (_)* . (object_reference) @path) @definition.function
(create_type (object_reference) @path) @definition.type
(create_trigger . (_)* . (keyword_trigger) . (object_reference) @path) @definition.event
(create_index column: (identifier) @name) @definition.key
(create_sequence (object_reference) @path) @definition.variable
(create_schema (identifier) @name) @definition.namespace
(comment) @comment
(marginalia) @comment
