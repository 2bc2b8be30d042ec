mod build;
mod collections;
mod deep;
mod needs;
mod rules;
mod time;
mod values;
