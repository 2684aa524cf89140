(class name: (_) @path) @definition.class
(module name: (_) @path) @definition.module
(method name: (_) @name) @definition.method
(singleton_method name: (_) @name) @definition.method
(alias name: (_) @name) @definition.method
(assignment left: (constant) @name) @definition.constant
((call method: (identifier) @_define arguments: (argument_list . (simple_symbol) @name))
  (#any-of? @_define "define_method" "alias_method" "scope" "delegate")) @definition.method
((call method: (identifier) @_attribute arguments: (argument_list (simple_symbol) @name))
  (#any-of? @_attribute "attr_accessor" "attr_reader" "attr_writer" "has_many" "has_one" "belongs_to"))
  @definition.property
(comment) @comment
