//! Why an answer is what it is: what it rests on and what keeps it open (N1 to N3), which part every rule had, why it is
//! not what it was the day before. `run` decides and knows nothing of this; what it worked out is asked again here.

mod answer;
mod causes;
mod live;
mod needs;
mod reads;
mod story;
mod ways;
