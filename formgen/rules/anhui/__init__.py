"""安徽工会困难职工建档：皖工发〔2017〕51号 and 皖工办发〔2018〕75号, one module a subject, one function a provision."""
