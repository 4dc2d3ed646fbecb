"""The checks of oasdiff are the yardstick: each has a case here, or a reason why it does not apply.

The names are those of the files `checker/check_*.go` of https://github.com/oasdiff/oasdiff, as of mid-2026.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.scripts.drift.objects.test_changes import EDITS
from tests.scripts.drift.test_tables import ROWS
from tests.support.drift_edits import DOCUMENT_EDITS, SCHEMA_EDITS

# The case (a keyword, or the name of an edit) for the checks in each row.
CASES: Final = {
    "body required": "added_required_request_body",
    "path added": "api_added",
    "operation deprecated": "api_deprecation",
    "operation renamed": "api_operation_id_updated",
    "path removed": "api_removed",
    "other security asked for": "api_security_updated",
    "operation moved to another tag": "api_tag_updated",
    "component renamed": "components_schemas_removed",
    "security scheme changed": "components_security_updated",
    "response schema dropped": "media_type_schema_existence",
    "required parameter added": "new_request_non_path_default_parameter new_request_non_path_parameter",
    "parameter required": "request_parameter_required_value_updated new_requried_request_header_property"
    " request_header_property_became_required",
    "became an enumeration": "request_body_became_enum request_parameter_became_enum request_property_became_enum"
    " request_header_property_became_enum",
    "enum": "request_body_enum_deleted request_parameter_enum_value_updated request_property_enum_value_updated"
    " response_mediatype_enum_value_removed response_property_enum_value_added response_property_enum_value_removed",
    "request media type replaced": "request_body_mediatype_updated",
    "body removed": "request_body_removed",
    "body became optional": "request_body_required_value_updated",
    "discriminator moved": "request_discriminator_updated response_discriminator_updated",
    "null refused": "request_parameter_became_nullable request_property_became_not_nuallable"
    " response_header_became_nullable response_property_became_nuallable",
    "parameter deprecated": "request_parameter_deprecation",
    "another type admitted": "request_parameter_list_of_types_changed request_property_list_of_types_changed"
    " response_property_list_of_types_changed",
    "pattern": "request_parameter_pattern_added_or_changed request_property_pattern_added_or_changed"
    " response_pattern_added_or_changed",
    "parameter removed": "request_parameter_removed",
    "default changed": "request_parameters_default_value_changed request_property_default_value_changed"
    " response_property_default_value_changed",
    "maxItems": "request_parameters_max_items_updated",
    "maxLength": "request_parameters_max_length_set request_parameters_max_length_updated"
    " request_property_max_length_set request_property_max_length_updated response_property_max_length_increased"
    " response_property_max_length_unset",
    "maximum": "request_parameters_max_set request_parameters_max_updated request_property_max_set"
    " request_property_max_updated response_property_max_increased",
    "minItems": "request_parameters_min_items_set request_parameters_min_items_updated"
    " request_property_min_items_increased request_property_min_items_set response_property_min_items_decreased"
    " response_property_min_items_unset",
    "minLength": "request_parameters_min_length_updated request_property_min_length_updated"
    " response_property_min_length_decreased",
    "minimum": "request_parameters_min_set request_parameters_min_updated request_property_min_set"
    " request_property_min_updated response_property_min_decreased",
    "type changed": "request_parameters_type_changed request_property_type_changed response_property_type_changed",
    "parameter of a path renamed": "request_path_parameter_added",
    "allOf": "request_property_all_of_updated response_property_all_of_updated",
    "anyOf": "request_property_any_of_updated response_property_any_of_updated",
    "oneOf": "request_property_one_of_updated response_property_one_of_updated",
    "const": "request_property_const_changed response_property_const_changed",
    "contains": "request_property_contains_updated response_property_contains_updated",
    "contentSchema": "request_property_content_updated response_property_content_updated",
    "dependentRequired": "request_property_dependent_required_changed response_property_dependent_required_changed",
    "dependentSchemas": "request_property_dependent_schemas_updated response_property_dependent_schemas_updated",
    "deprecated": "request_property_deprecation response_property_deprecation",
    "if": "request_property_if_updated response_property_if_updated",
    "patternProperties": "request_property_pattern_properties_updated response_property_pattern_properties_updated",
    "prefixItems": "request_property_prefix_items_updated response_property_prefix_items_updated",
    "propertyNames": "request_property_property_names_updated response_property_property_names_updated",
    "became required": "request_property_required_updated response_property_became_required",
    "became optional": "response_property_became_optional",
    "unevaluatedProperties": "request_property_unevaluated_updated response_property_unevaluated_updated",
    "optional property removed": "request_property_updated response_optional_property_updated",
    "required property removed": "response_required_property_updated",
    "no longer taken": "request_property_write_only_read_only",
    "no longer given": "response_optional_property_write_only_read_only"
    " response_required_property_write_only_read_only",
    "header added": "response_header_added",
    "header no longer promised": "response_header_became_optional",
    "header removed": "response_header_removed",
    "header's type widened": "response_header_type_changed",
    "response media type replaced": "response_mediatype_updated response_mediatype_name_updated",
    "status removed": "response_status_updated",
    "webhook removed": "webhook_updated",
}
NOT_READ: Final = {
    "api_stability_level": "x-stability-level is an extension of oasdiff",
    "api_sunset_changed": "x-sunset is an extension of oasdiff",
    "property_stability_level": "x-stability-level is an extension of oasdiff",
    "request_parameter_sunset_changed": "x-sunset is an extension of oasdiff",
    "request_parameter_x_extensible_enum_value_removed": "x-extensible-enum is an extension",
    "request_property_x_extensible_enum_value_removed": "x-extensible-enum is an extension",
}
CHECKS: Final = 126
"""The number of oasdiff's files of checks."""


@pytest.mark.parametrize("case", CASES)
def test_a_case_exists(case: str) -> None:
    named = {edit.name for some in (EDITS, DOCUMENT_EDITS, SCHEMA_EDITS) for edit in some}
    assert case in named | ROWS.keys()


def test_every_check_has_one_case_or_a_reason() -> None:
    checks = [check for some in CASES.values() for check in some.split()] + [*NOT_READ]
    assert len(checks) == len(set(checks)) == CHECKS
