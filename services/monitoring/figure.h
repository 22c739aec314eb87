/*
 * figure.h -- how a figure is told. `value`: persons, units, 分, or parts of ten
 * thousand; null with a `reason`: no_data (no source yet), not_imported, no_base
 * (nothing to divide by), area_level (not defined so finely), no_dimension.
 * `hidden`: the caller sees aggregates only, and few are behind it.
 */
#ifndef MONITORING_FIGURE_H
#define MONITORING_FIGURE_H

#define FIGURE_SHAPE \
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值" }, \
	{ .name = "numerator", .type = SHAPE_T_INT, .nullable = true, .help = "分子（比率）" }, \
	{ .name = "denominator", .type = SHAPE_T_INT, .nullable = true, .help = "分母（比率）" }, \
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "小于 5，对统计人员隐去" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "没有数值的原因" }

#define DEFINITION_SHAPE \
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "指标代码" }, \
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "单位；basis_points 为万分之一" }, \
	{ .name = "version", .type = SHAPE_T_INT, .help = "口径版本" }, \
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "口径指纹" }

#endif
