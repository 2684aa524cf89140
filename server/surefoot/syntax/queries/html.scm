((element (start_tag (attribute
  (attribute_name) @_id [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name])) . (_) @body)
  @definition.field
  (#eq? @_id "id"))
((element (_ (attribute
  (attribute_name) @_id [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name]))) @definition.field
  (#eq? @_id "id"))
((script_element (start_tag (attribute
  (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)))) @definition.field
  (#eq? @_id "id"))
(comment) @comment
