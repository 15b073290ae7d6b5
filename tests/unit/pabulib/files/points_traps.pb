META
key;value
description;Three projects in Maple Street
country;South Korea
unit;Maple Street
instance;2026
num_projects;3
num_votes;6
budget;100
vote_type;cumulative
rule;greedy
date_begin;01.03.2026
date_end;15.03.2026
currency;KRW
max_sum_points;5
PROJECTS
project_id;cost;name
a;60;Alley lamps
b;50;Bus shelter
c;40;Cycle racks
VOTES
voter_id;vote;points
1;a,b;3
2;a;many
3;x,c;3,2
4;b,a;2,4
5;a;-1
6;b
