mod build;
mod rules;
